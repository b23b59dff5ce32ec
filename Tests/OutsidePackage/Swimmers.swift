import Envs

/// What each of many swimmers earns in its first steps, all of them moved alike.
public func swim(_ count: Int, steps: Int) throws -> [Double] {
  let swimmers = try EnvironmentManager(Locomotion.swimmer, count: count, seed: 0, threads: 2)
  let results = try swimmers.unroll(steps: steps) { index, observation, action in
    action[0] = observation[1]
    action[1] = -observation[2]
  }
  return results.map { $0.reduce(0) { $0 + $1.reward } }
}
