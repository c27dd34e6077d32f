using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CallFlow;
using TCX.Configuration;

namespace dummy
{
    /// <summary>
    /// Asks for a number to call back, ended with #; none at all stands for the number the caller is calling from. The
    /// request goes to the customer database, which puts it on somebody's list.
    /// </summary>
    public class Callback : ScriptBase<Callback>
    {
        private const string Url = "${var:CALLBACK_URL}";

        /// <summary>A custom parameter of the PBX, so that the token stands neither in Git nor in this script.</summary>
        private const string TokenParameter = "CALLBACK_TOKEN";

        private const int MaxDigits = 15;

        private static readonly HttpClient Http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };

        public override async void Start()
        {
            var isNoted = false;
            try
            {
                await MyCall.AssureMedia();
                var typed = await ReadDigitsAsync(TimeSpan.FromSeconds(20));
                var number = typed.Length > 0 ? typed : MyCall.Caller?.CallerID ?? string.Empty;
                isNoted = await RequestCallbackAsync(number);
                await MyCall.PlayPrompt(null, new[] { isNoted ? "BYE" : "INV_INP" }, PlayPromptOptions.Blocked);
            }
            catch (Exception error)
            {
                MyCall.Exception(error);
            }
            finally
            {
                MyCall.Return(isNoted);
            }
        }

        /// <summary>What the caller has typed before #, or before the time was over.</summary>
        private async Task<string> ReadDigitsAsync(TimeSpan patience)
        {
            var digits = new StringBuilder();
            var done = new TaskCompletionSource<bool>();
            void OnKey(char key)
            {
                if (char.IsDigit(key)) digits.Append(key);
                if (key == '#' || digits.Length >= MaxDigits) done.TrySetResult(true);
            }

            MyCall.OnDTMFInput += OnKey;
            try
            {
                await MyCall.PlayPrompt(
                    null,
                    new[] { "PLSENTER", "THENPRESPND" },
                    PlayPromptOptions.ResetBufferAtStart | PlayPromptOptions.CancelPlaybackAtFirstChar);
                await Task.WhenAny(done.Task, Task.Delay(patience, MyCall.MediaCancellation));
                return digits.ToString();
            }
            finally
            {
                MyCall.OnDTMFInput -= OnKey;
            }
        }

        private async Task<bool> RequestCallbackAsync(string number)
        {
            using (var request = new HttpRequestMessage(HttpMethod.Post, Url))
            {
                var token = (MyCall.PS as PhoneSystem).GetParameterValue(TokenParameter);
                request.Headers.Add("Authorization", "Bearer " + token);
                request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["number"] = number,
                    ["dialled"] = MyCall.Caller?.CalledNumber ?? string.Empty,
                });
                using (var response = await Http.SendAsync(request, CancellationToken.None))
                {
                    MyCall.Info($"Callback to {number}: {(int)response.StatusCode}");
                    return response.IsSuccessStatusCode;
                }
            }
        }
    }
}
