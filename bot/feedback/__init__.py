"""What people said about answers, and what was declined, put to use: listed, exported, made into questions.

It reads the store and a question set; it answers nothing.
"""
