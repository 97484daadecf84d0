def squares(context, numbers: list = [1, 2, 3]):
    futures = context.dask_client.map(lambda number: number**2, numbers)
    context.log_result("sum", sum(context.dask_client.gather(futures)))
