using Npgsql;

namespace Sandan.Payment.OriginalData;

/// <summary>Columns that may be null.</summary>
internal static class Columns
{
    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
