#!/usr/bin/env python3
"""Seconds that sb3-contrib's ARS needs to Swimmer's 325 and HalfCheetah's 3430.

usage: scripts/bench-ars.py [--seeds N] [--environments Swimmer-v4,HalfCheetah-v4] [--limit SECONDS] > ars.csv

With the settings of rl-baselines3-zoo; a virtual environment is made and thrown away. Prints a line a seed: environment,
value, seed, seconds (empty for never), steps, seconds of all training. Seconds are those of training: evaluations, 20
episodes of the mean policy, are made with the clock stopped.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time
import venv

SETTINGS = {
    "Swimmer-v4": dict(value=325, steps=2e6, every=5, normalize=False,
                       learning_rate=0.02, delta_std=0.01, n_delta=1, n_top=1),
    "HalfCheetah-v4": dict(value=3430, steps=1.25e7, every=1, normalize=True,
                           learning_rate=0.02, delta_std=0.03, n_delta=32, n_top=4),
}


def measure(name, seed, limit):
    import gymnasium
    from sb3_contrib import ARS
    from stable_baselines3.common.evaluation import evaluate_policy
    from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize, sync_envs_normalization

    settings = dict(SETTINGS[name])
    value, steps = settings.pop("value"), settings.pop("steps")
    every, normalize = settings.pop("every"), settings.pop("normalize")

    def environment():
        made = DummyVecEnv([lambda: gymnasium.make(name)])
        return VecNormalize(made, norm_obs=True, norm_reward=False) if normalize else made

    class Reached(Exception):
        pass

    class Timed(ARS):
        seconds, updates, found = 0.0, 0, None

        def _do_one_update(self, *arguments):
            started = time.perf_counter()
            super()._do_one_update(*arguments)
            self.seconds += time.perf_counter() - started
            self.updates += 1
            if self.updates % every == 0:
                if normalize:
                    sync_envs_normalization(self.get_env(), judged)
                if evaluate_policy(self, judged, n_eval_episodes=20)[0] >= value:
                    self.found = self.seconds
                    raise Reached
            if self.seconds > limit:
                raise Reached

    judged = environment()
    judged.seed(10_000 + seed)
    if normalize:
        judged.training = False
    model = Timed("LinearPolicy", environment(), alive_bonus_offset=0, seed=seed, device="cpu", **settings)
    try:
        model.learn(int(steps))
    except Reached:
        pass
    found = "" if model.found is None else f"{model.found:.1f}"
    print(f"{name},{value},{seed},{found},{model.num_timesteps},{model.seconds:.1f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3, help="from 0 on (default: 3)")
    parser.add_argument("--environments", default=",".join(SETTINGS))
    parser.add_argument("--limit", type=float, default=3600, help="seconds of training of a seed (default: 3600)")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = options.environments.split(",")
    for name in names:
        if name not in SETTINGS:
            parser.error(f"--environments: '{name}' is none of {', '.join(SETTINGS)}")
    if not options.inside:
        with tempfile.TemporaryDirectory() as folder:
            venv.create(folder, with_pip=True)
            python = pathlib.Path(folder, "bin", "python")
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                            "sb3-contrib", "gymnasium[mujoco]"], check=True, stdout=sys.stderr)
            sys.exit(subprocess.run([python, __file__, "--inside", *sys.argv[1:]]).returncode)
    print("environment,value,seed,seconds,steps,all_seconds", flush=True)
    for name in names:
        for seed in range(options.seeds):
            measure(name, seed, options.limit)


if __name__ == "__main__":
    main()
