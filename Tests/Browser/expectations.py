"""What the checks of a page found wrong."""

failures = []


def expect(condition, words):
    if not condition:
        failures.append(words)
        print(f"FAILED {words}", flush=True)
