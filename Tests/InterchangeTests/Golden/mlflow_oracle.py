"""Does an MLflow server hold what was sent, once, however often the export was killed?

    python mlflow_oracle.py SAFNET WORKSPACE EXPERIMENT VARIANT

Starts a server of the current version with a SQLite store, exports while killing the export at random instants, exports
to the end and once more, and asks everything back through MLflow's own client: a parent with means and intervals, a run for
each of ours below it, every scalar of its journal once with its step and time, parameters, tags, state. Made with
mlflow 3.17.
"""
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from mlflow.tracking import MlflowClient

from tensorboard_oracle import expected, structures


def serve(folder):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
               "--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--default-artifact-root", f"{folder}/artifacts"]
    server = subprocess.Popen(command, cwd=folder, stdout=open(f"{folder}/log", "w"), stderr=subprocess.STDOUT, start_new_session=True)
    for _ in range(600):
        time.sleep(0.2)
        try:
            if urllib.request.urlopen(f"http://127.0.0.1:{port}/health").status == 200: return server, f"http://127.0.0.1:{port}"
        except OSError: pass
    raise SystemExit(Path(folder, "log").read_text())


def plain(name):
    folder, _, rest = name.partition("/")
    return folder + "/" + "".join(c if c.isalnum() or c in "_-. :" else "-" for c in rest)


def check(client, url, workspace, runs, variant):
    experiment = client.search_experiments(filter_string="name != 'Default'")
    assert len(experiment) == 1, experiment
    found = client.search_runs([experiment[0].experiment_id], max_results=1000)
    parents = [r for r in found if "mlflow.parentRunId" not in r.data.tags]
    children = {r.info.run_name: r for r in found if "mlflow.parentRunId" in r.data.tags}
    assert len(found) == len(runs) + 1 and len(parents) == 1 and children.keys() == set(runs), [r.info.run_name for r in found]
    parent, total = parents[0], 0
    assert parent.info.run_name == variant and parent.info.status == "FINISHED"
    assert {"test/mean_dice", "test/mean_dice_lower95", "test/mean_dice_upper95"} <= parent.data.metrics.keys()
    for name, run in children.items():
        plan = json.JSONDecoder().raw_decode((workspace / "runs" / name / "plan.json").read_text())[0]
        plan = plan.get("plan", plan)
        wanted = expected(workspace / "runs" / name / "journal.jsonl", structures(plan))
        read = {}
        for key in run.data.metrics:
            for point in client.get_metric_history(run.info.run_id, key):
                assert (key, point.step) not in read, ("twice", name, key, point.step)
                read[key, point.step] = (point.value, point.timestamp)
        wanted = {(plain(tag), step): v for (tag, step), v in wanted.items()}
        assert read.keys() == wanted.keys(), read.keys() ^ wanted.keys()
        for key, (value, moment) in wanted.items():
            assert read[key][0] == value and abs(read[key][1] - moment * 1000) < 1, (key, value, read[key])
        total += len(read)
        tags = run.data.tags
        assert run.info.status == "FINISHED" and tags["mlflow.parentRunId"] == parent.info.run_id
        assert tags["safnet.run"] == name and Path(tags["safnet.directory"]).name == name and run.info.end_time > run.info.start_time
        assert run.data.params["training.learningRate"] == str(plan["training"]["learningRate"]), run.data.params
    print(f"{len(found)} runs, {total} numbers, each once; parent {({k: round(v, 4) for k, v in parent.data.metrics.items() if k.startswith('test/')})}")


def main(safnet, workspace, experiment, variant):
    with tempfile.TemporaryDirectory() as folder:
        server, url = serve(folder)
        try:
            command = [safnet, "export", "--experiment", experiment, "--variant", variant, "--format", "mlflow", "--to", url,
                       "--workspace", workspace]
            random.seed(1)
            kills = 0
            for _ in range(12):
                child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                try: child.wait(random.uniform(0.05, 1.5))
                except subprocess.TimeoutExpired:
                    child.send_signal(signal.SIGKILL)
                    kills += 1
                child.communicate()
            for _ in range(2):
                done = subprocess.run(command + ["--json"], capture_output=True, text=True)
                assert done.returncode == 0, done.stderr
            assert "is there already" in done.stderr, done.stderr
            print(f"{kills} kills")
            check(MlflowClient(url), url, Path(workspace), json.loads(done.stdout)["runs"], variant)
        finally:
            os.killpg(server.pid, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:5])
