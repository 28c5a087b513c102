namespace Sandan.Downstream.IntegrationTests;

/// <summary>A test that needs PostgreSQL and RabbitMQ; skipped where they are not given.</summary>
public sealed class ServersFactAttribute : FactAttribute
{
    public ServersFactAttribute()
    {
        if (Installation.Postgres is null || Installation.RabbitMq is null)
        {
            Skip =
                "Set SANDAN_TEST_POSTGRES (connection string without a database) and SANDAN_TEST_RABBITMQ (amqp URI).";
        }
    }
}
