"""Facts as they are compared: words without accents and case, numbers and dates by value."""
