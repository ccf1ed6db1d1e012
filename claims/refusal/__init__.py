"""The decision not to pay (不予支付决定书): what a resident gets when a claim is rejected."""
