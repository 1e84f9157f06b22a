"""The data folder into one file and back, while others use it.

It does not know what the stores hold: it copies each as it is at one moment, and proves the copy before it counts.
"""
