def everything(context, size: int = 1):
    context.log_result("size", size)
