def work(context, steps: int = 2):
    if context.is_logging_worker():
        context.log_result("steps", steps)
    context.commit("worked", completed=True)
