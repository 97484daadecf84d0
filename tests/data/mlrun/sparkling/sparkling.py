def session():
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate()


def rows(context, limit: int = 5, use_spark: bool = False):
    context.log_result("rows", session().range(limit).count() if use_spark else limit)
