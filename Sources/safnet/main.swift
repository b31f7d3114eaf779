print("safnet")
