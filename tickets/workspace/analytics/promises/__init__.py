"""The managers' view of promises: what was kept and why not, what the law requires, what will be broken soon."""
