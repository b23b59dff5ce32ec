public import Settings

extension Locomotion {
  /// What Gymnasium's constructor of the body takes.
  public var settings: [Setting<Locomotion>] {
    var settings: [Setting<Locomotion>] = []
    func add<Value: SettingValue>(
      _ name: String, _ path: any WritableKeyPath<Locomotion, Value> & Sendable, _ help: String,
      _ valueName: String = "x"
    ) {
      settings.append(Setting(name, path, help: help, valueName: valueName))
    }
    if forwardRewardWeight != nil {
      add("forward_reward_weight", \.forwardRewardWeight, "What velocity along x is worth.")
    }
    add("ctrl_cost_weight", \.controlCostWeight, "What the squared action costs.")
    if contactForceCount > 0 {
      add(
        "use_contact_forces", \.usesContactForces,
        "Whether contact forces are observed and cost.", "")
      add("contact_cost_weight", \.contactCostWeight, "What squared contact forces cost.")
      add(
        "contact_force_range", \.contactForceRange, "Where contact forces are cut off.", "low,high")
    }
    if healthyReward != nil {
      add(
        "healthy_reward", \.healthyReward,
        "Paid at each step while healthy, and at every one where being unhealthy ends the episode.")
      add(
        "terminate_when_unhealthy", \.terminatesWhenUnhealthy,
        "Whether being unhealthy ends the episode.", "")
    }
    for index in healthyRanges.indices {
      guard let name = healthyRanges[index].name else { continue }
      add(
        name, \.healthyRanges[index].bounds, "Outside of this it is unhealthy.", "low,high")
    }
    add("reset_noise_scale", \.resetNoiseScale, "How far starts are apart.")
    add(
      "exclude_current_positions_from_observation", \.excludesCurrentPositionsFromObservation,
      "Whether where it is stays unobserved.", "")
    return settings
  }

  public func check() throws(SettingsError) {
    guard resetNoiseScale >= 0 else {
      throw SettingsError("reset_noise_scale is \(resetNoiseScale): it must not be negative")
    }
  }
}
