import mlrun


def doubled(context, number: int = 1):
    context.log_result("doubled", 2 * number)


if __name__ == "__main__":
    function = mlrun.code_to_function("doubled", kind="job", image="mlrun/mlrun")
    function.run(params={"number": 4}, local=True)
