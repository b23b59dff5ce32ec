import ArgumentParser

struct Rollout: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "One episode.")
}
