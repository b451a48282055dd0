def payload_of(event):
    return {}
