/// A model's dynamics as a program that steps several environments side by side, a lane each, with
/// the bits of MuJoCo's `mj_step`.
///
/// The dynamics are recorded once, from the very code that ``PlainPhysics`` runs: everything that
/// always has to be computed in one section, what a limit or a contact adds in a section of its own,
/// which is played where a lane needs it.
package final class LaneProgram: Sendable {
  let model: TreeModel
  let tape: TapeProgram
  let inputs: Inputs
  /// Limits, then contacts, as they may act.
  let constraints: [Constraint]
  let mass, smoothForce, smoothAcceleration: [Int]
  let isRegular: Int
  package var positionCount: Int { model.positionCount }
  package var velocityCount: Int { model.velocityCount }
  let integration: Integration
  /// The slots of what is read, from an evaluation to the step that follows it.
  let quantities: [Int]

  /// The first of the slots of each input.
  struct Inputs: Sendable {
    var positions, velocities, controls: Int
    /// What the solver finds: accelerations, which are the next warm start, and Jᵀf.
    var accelerations, constraintForces: Int
    /// Of the classical Runge–Kutta method: where the step began, and what its stages found.
    var start: (positions: Int, velocities: Int)
    /// Velocities, then accelerations of the first stage, of the second, of the third.
    var stages: Int
  }

  /// A limit or a contact, and its section.
  struct Constraint: Sendable {
    var section: Int
    /// It acts where this slot is less than the bound.
    var distance: Int
    var bound: Double
    var stiffness: Int
    /// A slot that is at least ``smallest`` where all is well.
    var isRegular: Int
    var rows: [Row]
  }

  struct Row: Sendable {
    /// A limit's only dof and its sign.
    var limit: (dof: Int, sign: Double)?
    /// A slot a dof; −1 where it is always 0.
    var jacobian: [Int]
    var reference: Int
  }

  /// The sections that lead to the next state.
  struct Integration: Sendable {
    struct Section: Sendable {
      var index: Int
      var positions, velocities: [Int]
      /// Less than ``largest`` where all is well; nil for a stage.
      var extent: Int?
      var isRegular: Int?
    }

    /// Half a step on, a whole one.
    var stages: [Section]
    var step: Section
  }

  /// - Parameter quantities: What is to be read beside positions and velocities.
  package init(_ model: TreeModel, quantities: [LaneQuantity] = []) {
    self.model = model
    let recording = Recording(model, quantities)
    self.quantities = recording.quantities
    (tape, inputs, constraints) = (recording.tape, recording.inputs, recording.constraints)
    (mass, smoothForce, smoothAcceleration) = (
      recording.main.mass, recording.main.force, recording.main.acceleration
    )
    isRegular = recording.main.isRegular
    integration = recording.integration
  }
}
