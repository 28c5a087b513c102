using System.ComponentModel.DataAnnotations;

namespace Sandan.Payment.OriginalData;

/// <summary>Payment-related original data (GACC 2018-179). Section <c>OriginalData</c>. How long data are kept: <see cref="Intake.IntakeOptions.PersonalDataKeptMonths"/>.</summary>
public sealed class OriginalDataOptions
{
    /// <summary>By platform code: with which key its uploads are signed and where they go. A platform that is not here waits.</summary>
    public Dictionary<string, PlatformUpload> Platforms { get; init; } = [];

    /// <summary>Longest wait for an answer of customs or of a platform. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Wait behind the first call that failed; it doubles each time. Default 5 s: an upload is expected within 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait between two calls. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Refusals of an upload behind which it is not sent again. Default 3, proposed: what the codes other than 10000 mean is not
    /// published, some may pass.
    /// </summary>
    [Range(1, 1_000)]
    public int RefusalsMax { get; init; } = 3;

    /// <summary>Calls of platDataOpen behind which a platform counts as not asked. Default 5.</summary>
    [Range(1, 1_000)]
    public int AsksMax { get; init; } = 5;

    /// <summary>By how much serviceTime of an upload may differ from our clock. Default 10 min, proposed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UploadFreshFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>By how much tradingTime may differ from payTime of CEB411. Default 1 min, proposed: two clocks.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan TradingTimeTolerance { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>How a platform's uploads are signed and where they go.</summary>
public sealed class PlatformUpload
{
    /// <summary>PKCS#12 file with certificate and key, RSA (then SHA-1) or SM2.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>Its password.</summary>
    public string KeyPassword { get; init; } = "";

    /// <summary>certNo; where it is empty, that of the certificate in the file.</summary>
    public string CertNo { get; init; } = "";

    /// <summary>realTimeDataUpload of customs. There is no default: a trial must not reach the real one by an oversight.</summary>
    public Uri? UploadUrl { get; init; }
}
