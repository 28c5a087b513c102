namespace Sandan.Contracts;

/// <summary>The two languages in which Sandan says everything that a person reads.</summary>
public enum Language
{
    /// <summary>Simplified Chinese, the default of a pilot zone's users.</summary>
    Chinese,

    /// <summary>English.</summary>
    English,
}
