/// What MuJoCo computes besides positions and velocities, and an environment may read.
///
/// After a step these are of the last evaluation of the dynamics, some moments behind the
/// positions: they cannot be had from those, so what is declared is part of the state.
public enum ModelQuantity: Sendable, Hashable, Codable {
  /// World coordinates of a body's frame, by its name (3 values).
  case bodyPosition(String)
  /// World coordinates of a site, by its name (3 values).
  case sitePosition(String)
  /// The mass centre of all bodies (3 values).
  case massCentre
  /// Rotational inertia, mass times offset, and mass of each body (10 values a body).
  case bodyInertias
  /// Rotational and linear velocity of each body (6 values a body).
  case bodyVelocities
  /// Forces of the actuators (nv values).
  case actuatorForces
  /// Forces of contacts and limits (nv values).
  case constraintForces
  /// Torque and force of contacts on each body (6 values a body); 0 after a reset.
  case contactForces
  /// A sensor's value, by its name (as many numbers as its type has).
  case sensor(String)
}
