"""The managers' numbers. ``scope`` says which cases, ``counts`` counts them, ``report`` puts a page's worth together,
``behind`` gives the cases behind each number.
"""
