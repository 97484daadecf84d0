COLUMNS = ("months", "rate")
