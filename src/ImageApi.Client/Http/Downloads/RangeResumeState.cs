using System.Net;
using System.Net.Http.Headers;
using ImageApi.Client.Http.Errors;

namespace ImageApi.Client.Http.Downloads;

/// <summary>How far a download has come, so that the next attempt can go on from there. Only a strong entity tag tells that what comes then belongs to what is there.</summary>
/// <param name="canReset">Whether what has arrived can be thrown away.</param>
internal sealed class RangeResumeState(bool canReset)
{
    private EntityTagHeaderValue? _tag;
    private long? _length;

    /// <summary>Gets how many bytes are there.</summary>
    public long Offset { get; private set; }

    /// <summary>Gets a value indicating whether the rest can be asked for.</summary>
    public bool IsUsable => _tag is { IsWeak: false } && Offset > 0 && Offset < _length;

    /// <summary>Gets a value indicating whether another attempt could do nothing with what it gets.</summary>
    public bool ForbidsRetry => !canReset && Offset > 0 && !IsUsable;

    /// <summary>Begins with the first byte of an answer.</summary>
    public void Begin(ApiResponse response)
    {
        Offset = 0;
        _tag = response.EntityTag;
        _length = response.ContentLength;
    }

    public void Advance(int count) => Offset += count;

    /// <summary>Asks for the rest, if it is still the rest of the same.</summary>
    public void AddTo(HttpRequestHeaders headers)
    {
        if (IsUsable)
        {
            headers.Range = new RangeHeaderValue(Offset, null);
            headers.IfRange = new RangeConditionHeaderValue(_tag!);
        }
    }

    /// <summary>Finds out whether an answer goes on where the last one was cut.</summary>
    /// <exception cref="InvalidResponseException">It is a part, but another one.</exception>
    public bool IsContinuedBy(ApiResponse response)
    {
        if (response.StatusCode != HttpStatusCode.PartialContent || !IsUsable)
        {
            return false;
        }

        var range = response.ContentRange;
        var isSame = response.EntityTag is null || response.EntityTag.Equals(_tag); // who gives a part unasked may not have looked at the tag
        if (isSame && range is { Unit: "bytes" } && range.From == Offset && range.To == _length - 1 && (range.Length is null || range.Length == _length))
        {
            return true;
        }

        throw new InvalidResponseException(FailureKind.Mismatch, "The link gave another part than the one that was asked for.");
    }
}
