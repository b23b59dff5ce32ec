#!/usr/bin/env python3
"""Set environments in lanes beside EnvPool and mujoco.rollout: environment steps a second.

usage: scripts/bench-envpool.py [--threads N] [--rounds N] [--nres COMMAND] [ENVIRONMENT]...

Random actions, and as many environments as `nres bench` has. EnvPool steps, observes and rewards;
mujoco.rollout is mj_step alone, on our model. Of ours there are physics alone and whole training with
NRES, which also perturbs θ, asks the policy and sums gradients. All are measured in turns; a figure
is the median of the rounds. EnvPool and mujoco bring a later MuJoCo each, so that their numbers are
not Gymnasium's on MuJoCo 2.2.2 to the last bit; ours are.

Needs a release build of nres; envpool and mujoco are installed into .build-envpool, a venv.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import venv

root = pathlib.Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("environments", nargs="*", metavar="ENVIRONMENT",
                    default=["Swimmer-v4", "HalfCheetah-v4"])
parser.add_argument("--threads", type=int, help="default: 1, then all")
parser.add_argument("--rounds", type=int, default=5, help="turns, at least 3 (default: 5)")
parser.add_argument("--nres", default=root / ".build/release/nres", help="our command")
options = parser.parse_args()
if options.rounds < 3:
    parser.error("--rounds: a median of fewer than 3 says little")
if not os.access(options.nres, os.X_OK):
    parser.error(f"--nres {options.nres}: no such program: build it, or name it")

try:
    import envpool
    import mujoco
    import mujoco.rollout
except ImportError:
    home = root / ".build-envpool"
    if sys.prefix == str(home):
        raise
    venv.create(home, with_pip=True)
    subprocess.run([home / "bin/pip", "install", "--quiet", "envpool", "mujoco"], check=True)
    os.execv(home / "bin/python", [home / "bin/python", *sys.argv])
import numpy

count, length = 256, 50
models = {"Swimmer-v4": ("swimmer", 4), "HalfCheetah-v4": ("half_cheetah", 5)}
for name in options.environments:
    if name not in models:
        parser.error(f"no environment {name}: choose from {', '.join(models)}")


def steps_per_second(body):
    start = time.perf_counter()
    body()
    return count * length / (time.perf_counter() - start)


class EnvPool:
    def __init__(self, name, threads, generator):
        self.pool = envpool.make(
            name, env_type="gymnasium", num_envs=count, num_threads=threads, seed=0)
        self.pool.reset()
        width = self.pool.action_space.shape[0]
        self.actions = generator.uniform(-1, 1, (length, count, width))

    def run(self):
        for actions in self.actions:
            self.pool.step(actions)


class Rollout:
    def __init__(self, name, threads, generator):
        file, skip = models[name]
        text = (root / f"models/{file}.xml").read_text()
        # Later versions have no such option; geoms that touch nothing but in pairs are the same.
        self.model = mujoco.MjModel.from_xml_string(text.replace('collision="predefined"', ""))
        self.model.geom_contype[:] = 0
        self.model.geom_conaffinity[:] = 0
        self.threads = [mujoco.MjData(self.model) for _ in range(threads)]
        size = mujoco.mj_stateSize(self.model, mujoco.mjtState.mjSTATE_FULLPHYSICS)
        data, state = mujoco.MjData(self.model), numpy.empty(size)
        self.start = numpy.empty((count, size))
        for row in self.start:
            data.qpos[:] += generator.uniform(-0.1, 0.1, self.model.nq)
            mujoco.mj_getState(self.model, data, row, mujoco.mjtState.mjSTATE_FULLPHYSICS)
            mujoco.mj_resetData(self.model, data)
        actions = generator.uniform(-1, 1, (count, length, self.model.nu))
        self.controls = numpy.repeat(actions, skip, axis=1)
        self.roller = mujoco.rollout.Rollout(nthread=threads if threads > 1 else 0)

    def run(self):
        self.roller.rollout(self.model, self.threads, self.start, self.controls)


def ours(name, threads):
    lines = subprocess.run(
        [options.nres, "bench", name, "--threads", str(threads), "--windows", "7", "--json"],
        check=True, capture_output=True, text=True).stdout.splitlines()
    found = {}
    for result in map(json.loads, lines):
        found.setdefault(result["measured"]["part"], result["speed"])
    return found["physics"], found["training"]


columns = ["mujoco.rollout", "EnvPool", "lanes: physics", "lanes: training"]
print(f"envpool {envpool.__version__}, mujoco {mujoco.__version__}; steps a second, medians of "
      f"{options.rounds} rounds")
print(f"{'environment':16}{'threads':>7}" + "".join(f"{column:>17}" for column in columns)
      + "   training / EnvPool")
cores = len(os.sched_getaffinity(0))
for name in options.environments:
    for threads in [options.threads] if options.threads else sorted({1, cores}):
        generator = numpy.random.default_rng(0)
        others = [kind(name, threads, generator) for kind in (Rollout, EnvPool)]
        for other in others:
            other.run()
        rounds = []
        for _ in range(options.rounds):
            speeds = [
                statistics.median(steps_per_second(other.run) for _ in range(5))
                for other in others]
            rounds.append([*speeds, *ours(name, threads)])
        medians = [statistics.median(column) for column in zip(*rounds)]
        ratio = statistics.median(row[3] / row[1] for row in rounds)
        print(f"{name:16}{threads:7}" + "".join(f"{value:17.0f}" for value in medians)
              + f"{ratio:12.1f}", flush=True)
