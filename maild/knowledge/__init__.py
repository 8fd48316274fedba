"""Which articles may already answer a request? Pure: words in, words out; the index itself is in the store."""
