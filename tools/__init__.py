"""What makes the documents: the reference from the code, and the site's build."""
