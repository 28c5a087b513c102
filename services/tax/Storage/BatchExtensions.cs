using Npgsql;

namespace Sandan.Tax.Storage;

/// <summary>Several statements in one round trip.</summary>
internal static class BatchExtensions
{
    /// <summary>Adds a statement with positional parameters.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
    }
}
