export default function Layout({children}) {
  return (
    <html lang="en">
      <head>
        <meta name="referrer" content="no-referrer" />
        <script src="/web/portero.js"></script>
      </head>
      <body>
        {children}
        <github-sign-in proxy="https://auth.example.com" suppressHydrationWarning></github-sign-in>
      </body>
    </html>
  );
}
