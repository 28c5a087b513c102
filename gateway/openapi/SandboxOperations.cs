using System.Text.Json.Nodes;
using Sandan.Shared.Security;
using static Sandan.Gateway.OpenApi.Json;

namespace Sandan.Gateway.OpenApi;

/// <summary>What only a sandbox has: operations and their schemas.</summary>
internal static class SandboxOperations
{
    private const string Tag = "Sandbox";
    private static readonly string[] Everybody = [];

    /// <summary>All of them.</summary>
    public static IEnumerable<Operation> All()
    {
        yield return new Operation("post", "/v1/sandbox/tenants", Tag, "makeTenant", "沙箱租户 Companies and keys for trying out", null)
            .Answers(201, "Six fictitious companies with filed goods; the keys are shown this once.", Schema("SandboxTenant")).Refuses(404, 429);
        yield return new Operation("get", "/v1/sandbox/clock", Tag, "readClock", "沙箱时钟 What the sandbox's clock says", Everybody)
            .Answers(200, "All keys of the sandbox share it.", Schema("SandboxClock")).Refuses(404);
        yield return new Operation("put", "/v1/sandbox/clock", Tag, "moveClock", "拨动沙箱时钟 Move the clock ahead", Everybody)
            .Takes("NewSandboxClock", "sandbox-clock", many: false)
            .Answers(200, "Every service follows within two seconds.", Schema("SandboxClock")).Refuses(404, 422);
        yield return new Operation("delete", "/v1/sandbox/clock", Tag, "resetClock", "沙箱时钟复位 Back to real time", [Roles.Operator])
            .Answers(200, "Real time.", Schema("SandboxClock")).Refuses(404);
    }

    /// <summary>Adds them by name.</summary>
    public static JsonObject AddSchemas(JsonObject schemas)
    {
        schemas["SandboxTenant"] = Object(
            "Companies by role: platform, seller, payment, logistics, declarant, warehouse.",
            ("companies", Object(
                "By role.",
                [
                    .. new[] { Roles.Platform, Roles.Seller, Roles.Payment, Roles.Logistics, Roles.Declarant, Roles.Warehouse }.Select(role => (role, Schema("SandboxCompany"))),
                ]))).Required("companies");
        schemas["SandboxCompany"] = Object(
            "A fictitious company.",
            ("code", Type("string")), ("name", Type("string")), ("key", Type("string", "sdn_sandbox_<id>_<secret>"))).Required("code", "name", "key");
        schemas["SandboxClock"] = Object(
            "The clock of the sandbox.",
            ("now", Time("What the rules call now.")), ("aheadSeconds", Type("integer", "Ahead of real time."))).Required("now", "aheadSeconds");
        schemas["NewSandboxClock"] = Object(
            "Where to move it.", ("now", Time("Not before what it says, at most five years ahead of real time."))).Required("now").Closed();
        return schemas;
    }
}
