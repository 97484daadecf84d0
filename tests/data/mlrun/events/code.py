def init_context(context):
    context.user_data.greeting = "hello"


def handler(context, event):
    context.logger.info_with("asked", body=event.body)
    if not event.body:
        return context.Response(body="nobody", content_type="text/plain", status_code=400)
    return f"{context.user_data.greeting} {event.body['name']}"
