using ImageApi.Client.Buffers;
using ImageApi.Client.Http.Errors;

namespace ImageApi.Client.Media.Formats;

/// <summary>Watches a download go by: is it what it claims to be, and is it whole? A truncated file must never look like a picture.</summary>
internal sealed class MediaValidator(string? declaredType, long? contentLength, long maxBytes)
{
    private readonly byte[] _head = new byte[FileSignature.HeadLength];
    private readonly byte[] _tail = new byte[FileSignature.TailLength];
    private int _headLength;
    private int _tailLength;
    private bool _isHeadChecked;

    public long Length { get; private set; }

    /// <summary>Gets the type that the first bytes show; else the declared one.</summary>
    public string? MimeType => FileSignature.Detect(_head.AsSpan(0, _headLength)) ?? declaredType;

    public void Append(ReadOnlySpan<byte> piece)
    {
        Length += piece.Length;
        if (Length > maxBytes)
        {
            throw new SizeLimitException($"The medium is larger than {maxBytes} bytes (Limits.MaxMediaBytes).");
        }

        var head = piece.Slice(0, Math.Min(piece.Length, _head.Length - _headLength));
        head.CopyTo(_head.AsSpan(_headLength));
        _headLength += head.Length;
        if (_headLength == _head.Length && !_isHeadChecked)
        {
            CheckHead();
        }

        KeepTail(piece);
    }

    public void Complete()
    {
        if (Length == 0)
        {
            throw InvalidResponseException.Invalid("The link gave an empty file.");
        }

        CheckHead();
        if (contentLength is { } announced && announced != Length)
        {
            throw InvalidResponseException.Invalid($"The file has {Length} bytes, but {announced} were announced.");
        }

        if (!FileSignature.MayEndWith(FileSignature.Detect(_head.AsSpan(0, _headLength)), _head, _tail.AsSpan(0, _tailLength), Length))
        {
            throw InvalidResponseException.Invalid("The file ends before its end: it was truncated.");
        }
    }

    private void CheckHead()
    {
        _isHeadChecked = true;
        var head = _head.AsSpan(0, _headLength);
        if (FileSignature.Detect(head) is not null)
        {
            return;
        }

        var isMedia = declaredType is null || MediaTypes.KindOf(declaredType) is not null
            || declaredType.Equals(MediaTypes.Unknown, StringComparison.OrdinalIgnoreCase)
            || declaredType.Equals("binary/octet-stream", StringComparison.OrdinalIgnoreCase);
        var text = head.TrimStart(" \t\r\n"u8);
        if (!isMedia || text.StartsWith("<"u8) || text.StartsWith("{"u8))
        {
            throw InvalidResponseException.Invalid($"The link did not give a picture, video or sound but {declaredType ?? "a text"}.");
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
