using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Sandan.Shared.Http;

/// <summary>
/// One entry, one line. The numbers in it are the senders' own and may hold any character: what would begin another line, move
/// the cursor of a terminal or turn the reading round becomes a blank.
/// </summary>
internal sealed class LogLine() : ConsoleFormatter(Name)
{
    public new const string Name = "sandan";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        textWriter.Write(logEntry.LogLevel switch
        {
            LogLevel.Trace => " trce: ",
            LogLevel.Debug => " dbug: ",
            LogLevel.Information => " info: ",
            LogLevel.Warning => " warn: ",
            LogLevel.Error => " fail: ",
            _ => " crit: ",
        });
        textWriter.Write(logEntry.Category);
        textWriter.Write(' ');
        WriteText(logEntry.Formatter(logEntry.State, logEntry.Exception), textWriter);
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(' ');
            WriteText(exception.ToString(), textWriter);
        }

        textWriter.Write('\n');
    }

    private static void WriteText(string text, TextWriter output)
    {
        foreach (var letter in text)
        {
            output.Write(char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : letter);
        }
    }
}
