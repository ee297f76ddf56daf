using System.Security.Cryptography;

namespace ImageApi.Emulator.Http;

/// <summary>Ids, as <c>job_0123456789abcdef01234567</c>.</summary>
internal static class ApiId
{
    public static string New(string prefix) => $"{prefix}_{RandomNumberGenerator.GetHexString(24, lowercase: true)}";
}
