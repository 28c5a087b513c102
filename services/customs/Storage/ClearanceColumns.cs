using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;

namespace Sandan.Customs.Storage;

/// <summary>The columns of a clearance in one place: how each is written (an array for unnest) and read back.</summary>
internal static class ClearanceColumns
{
    private static readonly Column[] Columns =
    [
        Column.Of("platform_code", NpgsqlDbType.Text, it => it.Key.PlatformCode),
        Column.Of("order_no", NpgsqlDbType.Text, it => it.Key.OrderNo),
        Column.Of("revision", NpgsqlDbType.Integer, it => it.Revision),
        Column.Of("state", NpgsqlDbType.Smallint, it => (short)it.State),
        Column.Of("mode", NpgsqlDbType.Integer, it => (int?)it.Mode),
        Column.Of("seller_code", NpgsqlDbType.Text, it => it.SellerCode),
        Column.Of("payment_company_code", NpgsqlDbType.Text, it => it.PaymentCompanyCode),
        Column.Of("logistics_company_code", NpgsqlDbType.Text, it => it.LogisticsCompanyCode),
        Column.Of("risk_severity", NpgsqlDbType.Smallint, it => (short?)it.RiskSeverity),
        Column.Of("risk_rule", NpgsqlDbType.Text, it => it.RiskRule),
        Column.Of("judged", NpgsqlDbType.Bytea, it => Bytes(it.Judged)),
        Column.Of("tax_revision", NpgsqlDbType.Integer, it => it.TaxRevision),
        Column.Of("tax_attempt", NpgsqlDbType.Integer, it => it.TaxAttempt),
        Column.Of("tax_route", NpgsqlDbType.Smallint, it => (short?)it.TaxRoute),
        Column.Of("tax_reason", NpgsqlDbType.Text, it => it.TaxReason),
        Column.Of("assessed", NpgsqlDbType.Bytea, it => Bytes(it.Assessed)),
        Column.Of("status", NpgsqlDbType.Smallint, it => (short?)it.Status),
        Column.Of("code", NpgsqlDbType.Text, it => it.Code),
        Column.Of("decision", NpgsqlDbType.Integer, it => it.Decision),
        Column.Of("decided_revision", NpgsqlDbType.Integer, it => it.DecidedRevision),
        Column.Of("decided_at", NpgsqlDbType.TimestampTz, it => it.DecidedAt),
        Column.Of("decided_by", NpgsqlDbType.Text, it => it.DecidedBy),
        Column.Of("reason", NpgsqlDbType.Text, it => it.Reason),
        Column.Of("released_at", NpgsqlDbType.TimestampTz, it => it.ReleasedAt),
    ];

    /// <summary>The names, in the order of <see cref="Parameters"/>.</summary>
    public static readonly string Names = string.Join(", ", Columns.Select(one => one.Name));

    /// <summary>What <see cref="Read"/> wants selected, of a table called c.</summary>
    public static readonly string Selected = "c.number, " + string.Join(", ", Columns.Select(one => $"c.{one.Name}"));

    /// <summary><c>unnest($1, $2, …)</c>.</summary>
    public static readonly string Unnest = $"unnest({string.Join(", ", Columns.Select((_, at) => $"${at + 1}"))})";

    /// <summary>All columns but the key, set from a row called new.</summary>
    public static readonly string Assignments =
        string.Join(", ", Columns.Skip(2).Select(one => $"{one.Name} = new.{one.Name}"));

    /// <summary>One array per column.</summary>
    public static NpgsqlParameter[] Parameters(IReadOnlyList<Clearance> clearances) =>
        [.. Columns.Select(one => new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlDbType.Array | one.Type,
            Value = one.Values(clearances),
        })];

    /// <summary>The row on which the reader stands.</summary>
    public static Clearance Read(NpgsqlDataReader row) => new()
    {
        Number = row.GetInt64(0),
        Key = new(row.GetString(1), row.GetString(2)),
        Revision = row.GetInt32(3),
        State = (ConsignmentState)row.GetInt16(4),
        Mode = (SupervisionMode?)Value<int>(row, 5),
        SellerCode = Text(row, 6),
        PaymentCompanyCode = Text(row, 7),
        LogisticsCompanyCode = Text(row, 8),
        RiskSeverity = (RiskSeverity?)Value<short>(row, 9),
        RiskRule = Text(row, 10),
        Judged = row.IsDBNull(11) ? null : JsonSerializer.Deserialize((byte[])row[11], CustomsJson.Plain.JudgedDetail),
        TaxRevision = row.GetInt32(12),
        TaxAttempt = row.GetInt32(13),
        TaxRoute = (TaxRoute?)Value<short>(row, 14),
        TaxReason = Text(row, 15),
        Assessed = row.IsDBNull(16)
            ? null
            : JsonSerializer.Deserialize((byte[])row[16], CustomsJson.Plain.AssessedDetail),
        Status = (ReturnStatus?)Value<short>(row, 17),
        Code = Text(row, 18),
        Decision = row.GetInt32(19),
        DecidedRevision = row.GetInt32(20),
        DecidedAt = Value<DateTimeOffset>(row, 21),
        DecidedBy = Text(row, 22),
        Reason = Text(row, 23),
        ReleasedAt = Value<DateTimeOffset>(row, 24),
    };

    private static byte[]? Bytes(JudgedDetail? detail) =>
        detail is null ? null : JsonSerializer.SerializeToUtf8Bytes(detail, CustomsJson.Plain.JudgedDetail);

    private static byte[]? Bytes(AssessedDetail? detail) =>
        detail is null ? null : JsonSerializer.SerializeToUtf8Bytes(detail, CustomsJson.Plain.AssessedDetail);

    private static string? Text(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);

    private static T? Value<T>(NpgsqlDataReader row, int at) where T : struct =>
        row.IsDBNull(at) ? null : row.GetFieldValue<T>(at);

    private sealed record Column(string Name, NpgsqlDbType Type, Func<IReadOnlyList<Clearance>, Array> Values)
    {
        public static Column Of<T>(string name, NpgsqlDbType type, Func<Clearance, T> value) =>
            new(name, type, clearances => clearances.Select(value).ToArray());
    }
}
