"""The pages about promises as a whole: trying the policies out, and applying them to open cases."""
