import json


def answer(context, event):
    return json.dumps({"method": event.method, "size": len(event.body or "")})
