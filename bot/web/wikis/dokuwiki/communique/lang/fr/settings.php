<?php

$lang['server'] = 'Adresse du serveur, comme https://chat.example.org';
$lang['key'] = 'Clé d’API avec la portée ask ; vide où le serveur n’a pas de clés';
$lang['questions'] = 'Questions pour lesquelles un jeton est valable';
