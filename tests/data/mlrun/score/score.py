def weighted(first, second, weight=0.5):
    """
    Weigh two numbers.

    Parameters
    ----------
    first : float
        the first number
    second : float
        the second number
    weight : float, optional
        what the first one counts

    Returns
    -------
    float
        their mean
    """
    mean = first * weight + second * (1 - weight)
    return mean
