/// What can be read of lanes beside positions and velocities. It is what the last evaluation of the dynamics
/// found, some moments behind the positions.
package enum LaneQuantity: Sendable, Hashable {
  /// World coordinates of a body's frame or of a site (3 values).
  case bodyPosition(Int)
  case sitePosition(Int)
  /// Forces of contacts and limits, of each dof.
  case constraintForces
}
