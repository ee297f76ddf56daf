using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>Watches a download go by: is it what it claims to be, and is it whole? A truncated file must never look like a picture.</summary>
internal sealed class MediaInspector(string? declaredType, long? announcedLength, long maxBytes)
{
    private readonly byte[] _head = new byte[MediaSignature.HeadLength];
    private readonly byte[] _tail = new byte[MediaSignature.TailLength];
    private int _headLength;
    private int _tailLength;
    private bool _checked;

    public long Length { get; private set; }

    /// <summary>Gets the type that the first bytes show; else the declared one.</summary>
    public string? MimeType => MediaSignature.Detect(_head.AsSpan(0, _headLength)) ?? declaredType;

    public void Feed(ReadOnlySpan<byte> piece)
    {
        Length += piece.Length;
        if (Length > maxBytes)
        {
            throw AnswerException.TooLarge($"The medium is larger than {maxBytes} bytes (Limits.MaxMediaBytes).");
        }

        var head = piece.Slice(0, Math.Min(piece.Length, _head.Length - _headLength));
        head.CopyTo(_head.AsSpan(_headLength));
        _headLength += head.Length;
        if (_headLength == _head.Length && !_checked)
        {
            CheckHead();
        }

        KeepTail(piece);
    }

    public void Complete()
    {
        if (Length == 0)
        {
            throw AnswerException.Unreadable("The link gave an empty file.");
        }

        CheckHead();
        if (announcedLength is { } announced && announced != Length)
        {
            throw AnswerException.Unreadable($"The file has {Length} bytes, but {announced} were announced.");
        }

        if (!MediaSignature.MayEndWith(MediaSignature.Detect(_head.AsSpan(0, _headLength)), _head, _tail.AsSpan(0, _tailLength), Length))
        {
            throw AnswerException.Unreadable("The file ends before its end: it was truncated.");
        }
    }

    private void CheckHead()
    {
        _checked = true;
        var head = _head.AsSpan(0, _headLength);
        if (MediaSignature.Detect(head) is not null)
        {
            return;
        }

        var isMedia = declaredType is null || MimeTypes.KindOf(declaredType) is not null
            || declaredType.Equals(MimeTypes.Unknown, StringComparison.OrdinalIgnoreCase)
            || declaredType.Equals("binary/octet-stream", StringComparison.OrdinalIgnoreCase);
        var text = head.TrimStart(" \t\r\n"u8);
        if (!isMedia || text.StartsWith("<"u8) || text.StartsWith("{"u8))
        {
            throw AnswerException.Unreadable($"The link did not give a picture, video or sound but {declaredType ?? "a text"}.");
        }
    }

    private void KeepTail(ReadOnlySpan<byte> piece)
    {
        if (piece.Length >= _tail.Length)
        {
            piece.Slice(piece.Length - _tail.Length).CopyTo(_tail);
            _tailLength = _tail.Length;
            return;
        }

        var keep = Math.Min(_tailLength, _tail.Length - piece.Length);
        _tail.AsSpan(_tailLength - keep, keep).CopyTo(_tail);
        piece.CopyTo(_tail.AsSpan(keep));
        _tailLength = keep + piece.Length;
    }
}
