/// A kinematic tree as MuJoCo compiled it: numbers only, read once.
///
/// Bodies, joints, degrees of freedom and geoms keep MuJoCo's order and numbers; body 0 is the world.
package struct TreeModel: Sendable {
  struct Body: Sendable {
    var parent, root: Int
    /// In the parent's frame.
    var position, orientation: [Double]
    var mass: Double
    /// The principal moments, and the frame of the principal axes in the body's.
    var inertia, inertialPosition, inertialOrientation: [Double]
    var inertialFrame: SharedFrame
    var joints, dofs, geoms: Range<Int>
    /// The body that it cannot move against.
    var weld: Int
    /// The approximate inverse inertia of a push at this body.
    var inverseWeight: Double
  }

  /// Where MuJoCo copies a frame instead of computing it.
  enum SharedFrame: Sendable { case none, body, inertial }

  struct Joint: Sendable {
    enum Kind: Int, Sendable { case free, ball, slide, hinge }
    var kind: Kind
    /// Where its first position and velocity are.
    var position, velocity: Int
    /// In the body's frame.
    var axis, anchor: [Double]
    /// The position at which the tree is as written, and the one at which the spring rests.
    var reference, springReference: Double
    var stiffness: Double
    var limit: Limit?

    /// The place of the first of its four positions that are an orientation.
    var orientation: Int? {
      switch kind {
      case .free: position + 3
      case .ball: position
      case .slide, .hinge: nil
      }
    }

    /// Its dofs, those together that move the body at once: translations, then rotations.
    var movements: [Range<Int>] {
      switch kind {
      case .free: [velocity..<velocity + 3, velocity + 3..<velocity + 6]
      case .ball: [velocity..<velocity + 3]
      case .slide, .hinge: [velocity..<velocity + 1]
      }
    }
  }

  struct Limit: Sendable {
    var range: ClosedRange<Double>
    var margin: Double
    var softness: Softness
  }

  struct Dof: Sendable {
    var body: Int
    /// The next one towards the root; −1 at the root.
    var parent: Int
    /// Where its row of the mass matrix begins: itself, its parent, that one's parent …
    var row: Int
    var armature, damping, inverseWeight: Double
    /// The inertia where it is one constant and nothing is coupled to it.
    var constantInertia: Double?
  }

  struct Geom: Sendable {
    enum Kind: Int, Sendable {
      case plane = 0
      case sphere = 2
      case capsule = 3
    }
    var kind: Kind?
    var body: Int
    var position, orientation: [Double]
    var frame: SharedFrame
    /// Radius and, of a capsule, half the length of its axis.
    var size: [Double]
    var boundingRadius: Double
  }

  struct Site: Sendable {
    var body: Int
    var position: [Double]
    var frame: SharedFrame
  }

  struct Motor: Sendable {
    var dof: Int
    var gear, gain: Double
    var controlRange, forceRange: ClosedRange<Double>?
  }

  enum Integrator: Sendable { case euler, rungeKutta }

  var bodies: [Body]
  var joints: [Joint]
  var dofs: [Dof]
  var geoms: [Geom]
  var sites: [Site]
  var motors: [Motor]
  var contacts: [ContactCandidate]

  var timestep: Double
  var gravity, wind: [Double]
  var density, viscosity: Double
  /// How much less readily friction gives way than the normal force.
  var impedanceRatio: Double
  var integrator: Integrator
  var solver: SolverOptions
  /// Entries of the mass matrix that are not always zero.
  var massCount: Int
  package internal(set) var positionCount: Int
  package internal(set) var controlCount: Int
  package var velocityCount: Int { dofs.count }

  struct SolverOptions: Sendable {
    var iterations: Int
    var tolerance, meanInertia: Double
  }

  /// The dof and its ancestors, from itself to the root.
  func chain(from dof: Int) -> UnfoldFirstSequence<Int> {
    sequence(first: dof) { [dofs] in dofs[$0].parent < 0 ? nil : dofs[$0].parent }
  }

  /// The last dof that moves a body; nil where nothing does.
  func lastDof(moving body: Int) -> Int? {
    var body = body
    while body > 0, bodies[body].dofs.isEmpty { body = bodies[body].parent }
    return body > 0 ? bodies[body].dofs.upperBound - 1 : nil
  }
}
