namespace Sandan.Registry.IntegrationTests;

/// <summary>A test that needs the servers named by SANDAN_TEST_POSTGRES and SANDAN_TEST_RABBITMQ; skipped where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServersFactAttribute : FactAttribute
{
    public ServersFactAttribute()
    {
        if (Postgres is null || RabbitMq is null)
        {
            Skip = "SANDAN_TEST_POSTGRES and SANDAN_TEST_RABBITMQ name no servers.";
        }
    }

    public static string? Postgres => Environment.GetEnvironmentVariable("SANDAN_TEST_POSTGRES");

    public static string? RabbitMq => Environment.GetEnvironmentVariable("SANDAN_TEST_RABBITMQ");
}
