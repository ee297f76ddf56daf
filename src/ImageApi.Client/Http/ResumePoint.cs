using System.Net;
using System.Net.Http.Headers;

namespace ImageApi.Client.Http;

/// <summary>How far a download has come, so that the next attempt can go on from there. Only a strong entity tag tells that what comes then belongs to what is there.</summary>
/// <param name="canBeginAnew">Whether what has arrived can be thrown away.</param>
internal sealed class ResumePoint(bool canBeginAnew)
{
    private EntityTagHeaderValue? _tag;
    private long? _length;

    /// <summary>Gets how many bytes are there.</summary>
    public long From { get; private set; }

    /// <summary>Gets a value indicating whether the rest can be asked for.</summary>
    public bool IsUsable => _tag is { IsWeak: false } && From > 0 && From < _length;

    /// <summary>Gets a value indicating whether another attempt could do nothing with what it gets.</summary>
    public bool ForbidsRetry => !canBeginAnew && From > 0 && !IsUsable;

    /// <summary>Begins with the first byte of an answer.</summary>
    public void Begin(ApiAnswer answer)
    {
        From = 0;
        _tag = answer.EntityTag;
        _length = answer.ContentLength;
    }

    public void Advance(int count) => From += count;

    /// <summary>Asks for the rest, if it is still the rest of the same.</summary>
    public void Ask(HttpRequestHeaders headers)
    {
        if (IsUsable)
        {
            headers.Range = new RangeHeaderValue(From, null);
            headers.IfRange = new RangeConditionHeaderValue(_tag!);
        }
    }

    /// <summary>Finds out whether an answer goes on where the last one was cut.</summary>
    /// <exception cref="AnswerException">It is a part, but another one.</exception>
    public bool IsContinuedBy(ApiAnswer answer)
    {
        if (answer.StatusCode != HttpStatusCode.PartialContent || !IsUsable)
        {
            return false;
        }

        var range = answer.ContentRange;
        var isSame = answer.EntityTag is null || answer.EntityTag.Equals(_tag); // who gives a part unasked may not have looked at the tag
        if (isSame && range is { Unit: "bytes" } && range.From == From && range.To == _length - 1 && (range.Length is null || range.Length == _length))
        {
            return true;
        }

        throw new AnswerException(AttemptEnd.Contradictory, "The link gave another part than the one that was asked for.");
    }
}
