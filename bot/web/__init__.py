"""What a person sees in the browser: the pages of the chat and the words on them."""
