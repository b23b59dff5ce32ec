import Physics
import Testing

@Suite struct UncoveredFeatureTests {
  /// A small model with something in it, and what it is called.
  @Test(arguments: [
    ("<option integrator='implicit'/>", "", "the implicit integrator"),
    ("<option solver='PGS'/>", "", "a solver other than Newton's"),
    ("<option cone='elliptic'/>", "", "elliptic friction cones"),
    ("<option jacobian='sparse'/>", "", "sparse Jacobians"),
    ("<option noslip_iterations='3'/>", "", "the no-slip solver"),
    (
      "<option><flag gravity='disable'/></option>", "",
      "an option that switches a part of MuJoCo on or off"
    ),
    (
      "", "<body><joint type='free' stiffness='1'/><geom size='0.1'/></body>",
      "a spring in a free or ball joint"
    ),
    (
      "", "<body><joint type='ball' stiffness='1'/><geom size='0.1'/></body>",
      "a spring in a free or ball joint"
    ),
    (
      "", "<body><joint type='ball' limited='true' range='0 90'/><geom size='0.1'/></body>",
      "a limit of a ball joint"
    ),
    (
      "<actuator><motor joint='b'/></actuator>",
      "<body><joint name='b' type='ball'/><geom size='0.1'/></body>",
      "an actuator of a free or ball joint"
    ),
    ("", "<body><joint frictionloss='1'/><geom size='0.1'/></body>", "friction loss in a joint"),
    ("", "<body mocap='true'><geom size='0.1'/></body>", "a mocap body"),
    (
      "", "<body><joint/><geom type='box' size='0.1 0.1 0.1'/></body>",
      "a contact of shapes other than planes, spheres and capsules"
    ),
    (
      "", "<body><joint/><geom size='0.1' condim='4'/></body>",
      "a contact with torsional or rolling friction"
    ),
    (
      "", "<body><joint/><geom size='0.1' fluidshape='ellipsoid'/></body>",
      "the ellipsoid fluid model"
    ),
    ("<actuator><position joint='a'/></actuator>", "", "an actuator that is no motor"),
    ("<actuator><cylinder joint='a'/></actuator>", "", "an actuator with a state"),
    ("<equality><joint joint1='a'/></equality>", "", "an equality constraint"),
    (
      "<tendon><fixed><joint joint='a' coef='1'/></fixed></tendon>", "", "a tendon"
    ),
    (
      "<contact><pair geom1='floor' geom2='stone'/></contact>",
      "<body><geom name='stone' size='0.1'/></body>", "a pair of geoms that both stand still"
    ),
    ("<option density='-1'/>", "", "a fluid of negative density or viscosity"),
    ("", "<body><joint/><geom size='0.1' margin='-1'/></body>", "a negative contact margin"),
    ("<size nconmax='1'/>", "", "fewer contacts or constraints than could act at once"),
  ]) func isNamed(_ options: String, _ bodies: String, _ name: String) throws {
    let world = try World(
      "<mujoco>\(options)<worldbody><geom name='floor' type='plane' size='1 1 1'/><body><joint name='a'/>"
        + "<geom size='0.1'/><body pos='0 0 1'><joint/><geom size='0.1'/></body></body>\(bodies)"
        + "</worldbody></mujoco>")
    let error = #expect(throws: UncoveredFeature.self) { try TreeModel(world) }
    #expect(error?.description == name)
  }

  @Test(arguments: Body.allCases) func coveredModelsAreRead(_ body: Body) throws {
    let world = try World(body.xml)
    #expect(throws: Never.self) { try TreeModel(world) }
  }
}
