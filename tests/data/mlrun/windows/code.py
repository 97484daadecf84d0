def joined(first: str = "a", second: str = "ü"):
    """Join two texts.

    Args:
        first: the first text
    """
    text = """one
two"""
    joined_text = first + second + str(text.count("\n")) + str("\r" in text)
    return joined_text
