using System.ComponentModel.DataAnnotations;
using Sandan.Contracts.Ceb;

namespace Sandan.Intake;

/// <summary>Limits of taking documents in. Section <c>Intake</c>.</summary>
public sealed class IntakeOptions
{
    /// <summary>Most documents in one JSON array or NDJSON body, inclusive. Default 5,000. XML: 100, by the standard.</summary>
    [Range(1, 100_000)]
    public int DocumentsPerRequestMax { get; init; } = 5_000;

    /// <summary>Longest single document, bytes. Default 256 KiB: an order of 99 lines with every field full is below it.</summary>
    [Range(1_024, 4 * 1024 * 1024)]
    public int DocumentBytesMax { get; init; } = 256 * 1024;

    /// <summary>Documents that share a transaction at most. Default 1,000.</summary>
    [Range(1, 10_000)]
    public int DocumentsPerCommitMax { get; init; } = 1_000;

    /// <summary>Documents told in one event at most. Default 500: few fat messages, none near the broker's limit.</summary>
    [Range(1, 10_000)]
    public int DocumentsPerEventMax { get; init; } = 500;

    /// <summary>
    /// Bytes of documents, as sent, told in one event at most. Default 4 MiB: RabbitMQ 4 refuses messages of more than
    /// 16 MiB.
    /// </summary>
    [Range(64 * 1024, 16 * 1024 * 1024)]
    public int BytesPerEventMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of request bodies that may be under way at once; what is beyond waits; one company has half of it at most. Default 1 MiB: some 1,700 documents.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public int BytesUnderWayMax { get; init; } = 1024 * 1024;

    /// <summary>
    /// Memory for bodies that come in, bytes; one company has at most half of it. Default 132 MiB: the largest body, 64 MiB, fits
    /// in a half.
    /// </summary>
    [Range(1024 * 1024, 16L * 1024 * 1024 * 1024)]
    public long BytesComingInMax { get; init; } = 132L * 1024 * 1024;

    /// <summary>How long a request waits for its turn before it is answered 429. Default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan AdmissionWaitMax { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Documents of a kind that may wait before the matcher, in the outbox or in its queue, until new requests are answered 429.
    /// Default 20,000.
    /// </summary>
    [Range(1, 100_000_000)]
    public int DocumentsBeforeMatcherMax { get; init; } = 20_000;

    /// <summary>
    /// Form and check character of resident identity numbers (GB 11643, ISO 7064 MOD 11-2): Reject, Warn or Off. Default
    /// Reject. <c>./sandan up</c> sets Warn: nobody should need a real person's number for a trial, and the official
    /// samples break the rule themselves.
    /// </summary>
    [EnumDataType(typeof(IdNumberCheck))]
    public IdNumberCheck IdNumberCheck { get; init; } = IdNumberCheck.Reject;

    /// <summary>
    /// Whether companies without a registered certificate, too, must sign what the schema wants signed (CEB621, 623, 625, 711). Default
    /// false: who has one registered must, whoever has none is known by its key.
    /// </summary>
    public bool SignaturesRequired { get; init; }

    /// <summary>
    /// Whether orders, payments and waybills may be changed and withdrawn though customs inspect or have released the consignment, or have its
    /// inventory before them. Default false: -301011, -401008, -504016. Where true, or where nobody can say, what comes too late is taken, told
    /// (S6003) and changes nothing.
    /// </summary>
    public bool DeclaredMayChange { get; init; }

    /// <summary>How long an Idempotency-Key is remembered. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan IdempotencyKeptFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Whole months for which documents, and with them personal data in clear, are kept behind the month of receipt; then their data key is
    /// deleted. Default 36: GACC announcement 2018-179 demands three years of payment data; for the other documents that is proposed.
    /// </summary>
    [Range(1, 1_200)]
    public int PersonalDataKeptMonths { get; init; } = 36;
}
