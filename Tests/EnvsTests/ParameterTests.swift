import Envs
import Settings
import TestSupport
import Testing

/// What can be set of an environment by name. What each does, recorded variants say.
@Suite struct ParameterTests {
  private static let everybodys = [
    "ctrl_cost_weight", "reset_noise_scale", "exclude_current_positions_from_observation",
  ]
  private static let ofTheHealthy = [
    "healthy_reward", "terminate_when_unhealthy", "healthy_z_range",
  ]

  @Test(
    "environments have the parameters of Gymnasium's constructors",
    arguments: [
      ("Swimmer-v4", ["forward_reward_weight"]),
      ("HalfCheetah-v4", ["forward_reward_weight"]),
      (
        "Hopper-v4",
        ofTheHealthy + ["forward_reward_weight", "healthy_angle_range", "healthy_state_range"]
      ),
      ("Walker2d-v4", ofTheHealthy + ["forward_reward_weight", "healthy_angle_range"]),
      (
        "Ant-v4",
        ofTheHealthy + ["use_contact_forces", "contact_cost_weight", "contact_force_range"]
      ),
      ("Humanoid-v4", ofTheHealthy + ["forward_reward_weight"]),
    ])
  func names(_ id: String, _ own: [String]) throws {
    let environment = try EnvironmentCatalogue.named(id)
    #expect(
      environment.parameters.map(\.declaration.name).sorted() == (Self.everybodys + own).sorted())
    #expect(environment.parameters.allSatisfy { $0.declaration.help.hasSuffix(".") })
  }

  @Test(
    "the values in force are told",
    arguments: [
      ("Hopper-v4", "healthy_z_range", "0.7,inf"),
      ("Hopper-v4", "healthy_state_range", "-100,100"), ("Hopper-v4", "ctrl_cost_weight", "0.001"),
      ("Ant-v4", "healthy_z_range", "0.2,1"), ("Ant-v4", "use_contact_forces", "false"),
      ("Ant-v4", "contact_force_range", "-1,1"), ("Humanoid-v4", "forward_reward_weight", "1.25"),
      ("Walker2d-v4", "terminate_when_unhealthy", "true"),
      ("Swimmer-v4", "reset_noise_scale", "0.1"),
    ])
  func values(_ id: String, _ name: String, _ value: String) throws {
    #expect(try EnvironmentCatalogue.named(id).value(of: name) == value)
  }

  @Test(
    "one that is set has its value, and the others theirs",
    arguments: EnvironmentCatalogue.all.indices)
  func setting(_ index: Int) throws {
    let environment = EnvironmentCatalogue.all[index]
    let before = environment.parameters
    for parameter in before {
      let name = parameter.declaration.name
      let text =
        switch parameter.value {
        case "true": "false"
        case "false": "true"
        case let value where value.contains(","): "-0.25,inf"
        default: "0.375"
        }
      let changed = try environment.setting([name: text])
      #expect(changed.value(of: name) == text)
      #expect(
        changed.parameters.filter { $0.declaration.name != name }
          == before.filter { $0.declaration.name != name })
      #expect(try changed.setting([name: parameter.value]).parameters == before)
    }
  }

  @Test("contact forces are observed and cost only where they are used")
  func contactForces() throws {
    let used = try Locomotion.ant.setting(["use_contact_forces": "true"])
    #expect(used.spec.observationCount == 27 + 84)
    #expect(used.spec.rewardNames == ["forward", "healthy", "control", "contact"])
    #expect(used.spec.quantities == [.bodyPosition("torso"), .contactForces])
    #expect(Locomotion.ant.spec.quantities == [.bodyPosition("torso")])
  }

  @Test(
    "what cannot be is one line with the environment, the parameter and what would be right",
    arguments: [
      (
        "Hopper-v4", "healthy_z_rang", "1,2",
        "unknown parameter 'healthy_z_rang', did you mean 'healthy_z_range'? choose from: "
          + "forward_reward_weight, ctrl_cost_weight, healthy_reward, terminate_when_unhealthy, "
          + "healthy_state_range, healthy_z_range, healthy_angle_range, reset_noise_scale, "
          + "exclude_current_positions_from_observation"
      ),
      (
        "Hopper-v4", "healthy_z_range", "0.7",
        "healthy_z_range is '0.7': it must be two numbers, as in 0.7,inf"
      ),
      (
        "Ant-v4", "contact_force_range", "1,-1",
        "contact_force_range is '1,-1': the first number must not be above the second"
      ),
      ("Ant-v4", "use_contact_forces", "2", "use_contact_forces is '2': it must be true or false"),
      ("Ant-v4", "ctrl_cost_weight", "much", "ctrl_cost_weight is 'much': it must be a number"),
      ("Swimmer-v4", "ctrl_cost_weight", "inf", "ctrl_cost_weight is 'inf': it must be finite"),
      ("Swimmer-v4", "ctrl_cost_weight", "nan", "ctrl_cost_weight is 'nan': it must be finite"),
      (
        "Swimmer-v4", "reset_noise_scale", "-1",
        "reset_noise_scale is -1.0: it must not be negative"
      ),
    ])
  func refused(_ id: String, _ name: String, _ text: String, _ message: String) throws {
    let environment = try EnvironmentCatalogue.named(id)
    let error = #expect(throws: EnvironmentError.self) { try environment.setting([name: text]) }
    #expect(error?.description == "\(id): \(message)")
  }

  @Test("an environment without parameters says so")
  func none() {
    let error = #expect(throws: EnvironmentError.self) {
      try InvertedPendulum().setting(["length": "2"])
    }
    #expect(
      error?.description
        == "InvertedPendulum-v4: it has no parameter 'length', nor any other that can be set")
  }
}

extension Environment {
  fileprivate func value(of name: String) -> String? {
    parameters.first { $0.declaration.name == name }?.value
  }
}
