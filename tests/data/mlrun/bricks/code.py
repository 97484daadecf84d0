def main(**kwargs):
    print("got", sorted(kwargs))
    return len(kwargs["words"])
